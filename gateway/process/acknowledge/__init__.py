"""What is owed to the partner for a received file: TA1, 997, 999, a report of wrong rows; a Hold where none says it."""
