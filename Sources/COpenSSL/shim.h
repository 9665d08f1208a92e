// OpenSSL as Swift cannot import it by itself: macros, and stacks, which the headers type by macro.
#pragma once
#include <openssl/ssl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// MARK: Contexts

/// Everything a context refuses whatever its role: renegotiation, compression, tickets, old versions.
static inline void ligase_SSL_CTX_harden(SSL_CTX *context) {
    SSL_CTX_set_options(
        context,
        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_clear_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_max_early_data(context, 0);
}
static inline int ligase_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}
static inline int ligase_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_max_proto_version(context, version);
}
static inline int ligase_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *list) {
    return (int)SSL_CTX_set1_groups_list(context, list);
}
static inline int ligase_SSL_CTX_set1_sigalgs_list(SSL_CTX *context, const char *list) {
    return (int)SSL_CTX_set1_sigalgs_list(context, list);
}
static inline void ligase_SSL_CTX_set_max_cert_list(SSL_CTX *context, long octets) {
    SSL_CTX_set_max_cert_list(context, octets);
}
static inline int ligase_SSL_set_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline int ligase_SSL_get_signature_type_nid(SSL *ssl, int *nid) {
    return SSL_get_signature_type_nid(ssl, nid);
}
static inline _Bool ligase_SSL_has_extended_master_secret(SSL *ssl) { return SSL_get_extms_support(ssl) == 1; }

/// Lets a session renegotiate of its own accord: what a peer might do, played by tests.
static inline int ligase_SSL_renegotiate(SSL *ssl) {
    SSL_clear_options(ssl, SSL_OP_NO_RENEGOTIATION);
    return SSL_renegotiate(ssl);
}

// MARK: Input and output

static inline void ligase_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void ligase_BIO_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline long ligase_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

// MARK: Stacks

static inline int ligase_X509_count(const STACK_OF(X509) *stack) { return stack ? sk_X509_num(stack) : 0; }
static inline X509 *ligase_X509_at(const STACK_OF(X509) *stack, int index) { return sk_X509_value(stack, index); }
static inline STACK_OF(X509) *ligase_X509_new_stack(void) { return sk_X509_new_null(); }
static inline int ligase_X509_push(STACK_OF(X509) *stack, X509 *certificate) {
    return sk_X509_push(stack, certificate);
}
static inline void ligase_X509_free_stack(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

static inline int ligase_names_count(const GENERAL_NAMES *names) { return names ? sk_GENERAL_NAME_num(names) : 0; }
static inline const GENERAL_NAME *ligase_names_at(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}
static inline int ligase_subtrees_count(const STACK_OF(GENERAL_SUBTREE) *trees) {
    return trees ? sk_GENERAL_SUBTREE_num(trees) : 0;
}
static inline const GENERAL_NAME *ligase_subtrees_at(const STACK_OF(GENERAL_SUBTREE) *trees, int index) {
    return sk_GENERAL_SUBTREE_value(trees, index)->base;
}
static inline const STACK_OF(GENERAL_SUBTREE) *ligase_permitted(const NAME_CONSTRAINTS *constraints) {
    return constraints->permittedSubtrees;
}
static inline const STACK_OF(GENERAL_SUBTREE) *ligase_excluded(const NAME_CONSTRAINTS *constraints) {
    return constraints->excludedSubtrees;
}
static inline int ligase_objects_count(const EXTENDED_KEY_USAGE *objects) {
    return objects ? sk_ASN1_OBJECT_num(objects) : 0;
}
static inline const ASN1_OBJECT *ligase_objects_at(const EXTENDED_KEY_USAGE *objects, int index) {
    return sk_ASN1_OBJECT_value(objects, index);
}

// MARK: Names

static const unsigned long ligase_XN_FLAG_RFC2253 = XN_FLAG_RFC2253;

/// The IA5String, or octets, of a dNSName or iPAddress; NULL for any other kind.
static inline const ASN1_STRING *ligase_name_string(const GENERAL_NAME *name) {
    switch (name->type) {
    case GEN_DNS: return name->d.dNSName;
    case GEN_IPADD: return name->d.iPAddress;
    default: return NULL;
    }
}
/// The type identifier of an otherName; NULL for any other kind.
static inline int ligase_other_name_nid(const GENERAL_NAME *name) {
    return name->type == GEN_OTHERNAME ? OBJ_obj2nid(name->d.otherName->type_id) : NID_undef;
}
/// The string of an otherName when it has the ASN.1 type `tag`; NULL otherwise.
static inline const ASN1_STRING *ligase_other_name_string(const GENERAL_NAME *name, int tag) {
    if (name->type != GEN_OTHERNAME || name->d.otherName->value == NULL) return NULL;
    if (name->d.otherName->value->type != tag) return NULL;
    return name->d.otherName->value->value.asn1_string;
}

// MARK: Keys

/// An EC key on the named curve, or NULL (EVP_EC_gen is a variadic macro).
static inline EVP_PKEY *ligase_generate_ec(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *ligase_generate_rsa(unsigned int bits) { return EVP_RSA_gen(bits); }
