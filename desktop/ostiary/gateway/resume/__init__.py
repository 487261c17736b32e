"""What outlives the gateway: a journal for each session, from which the next gateway goes on."""
