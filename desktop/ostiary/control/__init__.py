"""The control protocol between the gateway and its fronts."""
