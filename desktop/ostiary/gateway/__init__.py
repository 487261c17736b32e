"""The core, free of Qt: sessions with hosts, servers as child processes, the gate and the log."""
