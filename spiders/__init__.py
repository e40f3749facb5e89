"""Where pages come from: every spider brings captures, and knows links but never articles."""
