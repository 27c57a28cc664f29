"""`gridgov replay`: a file of messages becomes reports, over HTTP, as any other client would send them."""
