//! Files and stdin: answer the same asks as the network does, from disk.
