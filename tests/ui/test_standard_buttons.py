"""What Qt says by itself, the buttons of its own dialogs among it, comes in the language of the window."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
from ostiary.app import qt_application
from ostiary.ui.language import choose
app = qt_application(choose((sys.argv[1],)))
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox
wanted = QMessageBox.StandardButton
asking = QMessageBox(QMessageBox.Icon.Question, "", "", wanted.Yes | wanted.No | wanted.Cancel)
choosing = QFileDialog()
choosing.setFileMode(QFileDialog.FileMode.Directory)
choosing.setOption(QFileDialog.Option.DontUseNativeDialog)
box = choosing.findChild(QDialogButtonBox)
field = QLineEdit()
menu = field.createStandardContextMenu()
said = [button.text() for button in (*asking.buttons(), *box.buttons())] + [action.text() for action in menu.actions()]
print(json.dumps([text.replace("&", "").split("\\t")[0] for text in said if text]))
"""
ENGLISH = {"Yes", "No", "Cancel", "Choose", "Undo", "Redo", "Cut", "Copy", "Paste", "Delete", "Select All"}
GERMAN = {
    *("Ja", "Nein", "Abbrechen", "Auswählen", "Rückgängig", "Wiederherstellen"),
    *("Ausschneiden", "Kopieren", "Einfügen", "Löschen", "Alles auswählen"),
}


@pytest.mark.parametrize(("language", "expected"), [("de", GERMAN), ("de_AT", GERMAN), ("en", ENGLISH)])
def test_standard_buttons_and_menus_speak_the_language_of_the_window(language: str, expected: set[str]) -> None:
    command = [sys.executable, "-c", SCRIPT, language]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert set(json.loads(said.stdout)) == expected
