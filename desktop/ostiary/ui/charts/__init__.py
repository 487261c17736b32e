"""Charts, painted by ourselves: Qt's own are not in what we install. Ours need neither colours nor eyes."""
