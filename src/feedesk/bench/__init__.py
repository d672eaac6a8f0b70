"""The benchmark: times and memory as ratios to the plainest program doing the same, measured in the same run."""
