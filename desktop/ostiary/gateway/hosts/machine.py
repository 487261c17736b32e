"""The machine that this runs on, as ``registry`` looks at one. The impure end of finding hosts' files."""

import glob
import os
import sys
from pathlib import Path
from typing import cast

from ostiary.gateway.hosts.registry import Place, Platform


def this_machine() -> Place:
    """The account of who runs us. A platform that we do not know is taken for Linux."""
    platform = cast("Platform", sys.platform if sys.platform in ("darwin", "win32") else "linux")
    return Place(platform=platform, env=os.environ, home=str(Path.home()), glob=glob.glob, exists=os.path.exists)
