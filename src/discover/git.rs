//! Remote, branch and commit, read from `.git` without running git.
