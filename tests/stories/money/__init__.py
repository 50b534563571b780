"""What happens to goods and money after the first posting; each story ends alike in every order of its documents."""
