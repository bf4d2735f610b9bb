"""What commands share: options, output, exit codes, failures, loading Qt."""
