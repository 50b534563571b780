"""The section `[results]` of an ERP's `partner.toml`: what it says by moving our files and by what lies beside them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.settings import Section
from translators.erp.read.results import FOLDERS, Outcome, folder_key
from translators.erp.read.status_file import STATES, TEXT_KEYS

Meaning = Literal["posted", "refused", "waiting"]
FolderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")]


class Results(Section):
    """For role erp. What is given comes on top of the scheduler's own folders and states.

    `folders`: below inbox/<partner>, or the last folder of an SFTP path, into which the ERP moves our import files, and
    what that says about their postings. `states`: words in the JSON of a `.Status` file, and what they say.
    `text_keys`: keys of that JSON under which its reasons stand.
    """

    folders: dict[FolderName, Meaning] = Field(default_factory=dict)
    states: dict[str, Meaning] = Field(default_factory=dict)
    text_keys: tuple[str, ...] = ()

    def by_folder(self) -> dict[str, Outcome]:
        """Folder (as `folder_key` spells it) → what it says."""
        return {**FOLDERS, **{folder_key(name): meaning for name, meaning in self.folders.items()}}

    def by_state(self) -> dict[str, Outcome]:
        """State in small letters → what it says."""
        return {**STATES, **{state.casefold(): meaning for state, meaning in self.states.items()}}

    def reasons(self) -> tuple[str, ...]:
        """The keys under which reasons stand: those given, or the usual ones."""
        return self.text_keys or TEXT_KEYS
