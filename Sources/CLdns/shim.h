#pragma once
// Before ldns, which otherwise defines `bool` as a signed char.
#include <stdbool.h>
#include <stdlib.h>
#include <ldns/ldns.h>

// LDNS_FREE is a macro, and the callers of this module import no C library of their own.
static inline void ligase_ldns_release(void *memory) { free(memory); }

// The digests of DNSSEC algorithms, which ldns takes and does not give; none for those that have theirs built in.
static inline const EVP_MD *ligase_ldns_digest(uint8_t algorithm) {
    switch (algorithm) {
    case LDNS_RSASHA1:
    case LDNS_RSASHA1_NSEC3:
        return EVP_sha1();
    case LDNS_RSASHA256:
    case LDNS_ECDSAP256SHA256:
        return EVP_sha256();
    case LDNS_ECDSAP384SHA384:
        return EVP_sha384();
    case LDNS_RSASHA512:
        return EVP_sha512();
    default:
        return NULL;
    }
}
