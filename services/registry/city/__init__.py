"""The city a registry starts from: units and posts of a folder, imported all or nothing."""
