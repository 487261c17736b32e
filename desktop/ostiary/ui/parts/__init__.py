"""The small things that pages are made of. Each shows a value and reports a wish; none knows the gateway."""
