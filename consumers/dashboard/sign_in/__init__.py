"""Who looks at the live page, who may give orders on it, and how they prove who they are."""
