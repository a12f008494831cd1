# Reads ctest's log. Counts QTest functions one by one (without initTestCase and cleanupTestCase) and other tests as a
# whole; an executable that died without naming a failure counts as one. The last line reads "N passed, N failed".
/^[0-9]+\/[0-9]+ Testing: / { name = $3; functions = failures = inside = 0; next }
/^Output:$/ { inside = 1; next }
/^<end of output>$/ { inside = 0; next }
/^Unable to find executable: / { absent = 1; ++failed; print "failed as a whole: " $NF; next }
inside && /^PASS   : / { ++functions; if ($0 !~ /::(initTestCase|cleanupTestCase)\(\)/) ++passed; next }
inside && /^(FAIL!  |XPASS  ): / { ++functions; ++failures; ++failed; next }
inside && /^SKIP   : / { ++functions; ++skipped; print; next }
/^Test Passed\.$/ { if (!functions && !absent) ++passed; absent = 0; next }
/^Test Failed\.$/ {
    if (!failures) {
        ++failed
        print "failed as a whole: " name
    }
    next
}
END {
    if (skipped) print skipped " skipped"
    printf "%d passed, %d failed\n", passed, failed
}
