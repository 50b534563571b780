"""Stories: the product as its users meet it, from the files dropped to the files that come out."""
