"""Photos on things: uploaded in pieces (tus 1.0), checked by content, made anew without metadata, seen with the thing."""
