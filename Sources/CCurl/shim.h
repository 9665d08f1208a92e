// libcurl as Swift cannot import it by itself: functions with variable arguments, one for each kind of argument.
#pragma once
#include <curl/curl.h>
#include <stddef.h>

// MARK: Settings of a transfer

static inline CURLcode ligase_set_long(CURL *transfer, CURLoption option, long value) {
    return curl_easy_setopt(transfer, option, value);
}
static inline CURLcode ligase_set_size(CURL *transfer, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(transfer, option, value);
}
/// A string, which libcurl copies; NULL takes the setting back, built-in defaults included.
static inline CURLcode ligase_set_text(CURL *transfer, CURLoption option, const char *value) {
    return curl_easy_setopt(transfer, option, value);
}
static inline CURLcode ligase_set_list(CURL *transfer, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(transfer, option, value);
}
static inline CURLcode ligase_set_pointer(CURL *transfer, CURLoption option, void *value) {
    return curl_easy_setopt(transfer, option, value);
}
/// Bytes, which libcurl copies.
static inline CURLcode ligase_set_blob(CURL *transfer, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(transfer, option, &blob);
}
static inline CURLcode ligase_set_body(CURL *transfer, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    // A null pointer would mean that the content is read from elsewhere.
    return code != CURLE_OK ? code : curl_easy_setopt(transfer, CURLOPT_COPYPOSTFIELDS, bytes ? bytes : "");
}
static const long ligase_basic_authentication = (long)CURLAUTH_BASIC;

typedef size_t (*ligase_bytes_received)(char *bytes, size_t unit, size_t count, void *context);
static inline CURLcode ligase_set_receiver(CURL *transfer, CURLoption option, ligase_bytes_received receiver) {
    return curl_easy_setopt(transfer, option, receiver);
}
typedef int (*ligase_name_needed)(void *state, void *reserved, void *context);
static inline CURLcode ligase_set_name_guard(CURL *transfer, ligase_name_needed guard) {
    return curl_easy_setopt(transfer, CURLOPT_RESOLVER_START_FUNCTION, guard);
}
typedef CURLcode (*ligase_security_prepared)(CURL *transfer, void *security, void *context);
static inline CURLcode ligase_set_security_preparation(CURL *transfer, ligase_security_prepared preparation) {
    return curl_easy_setopt(transfer, CURLOPT_SSL_CTX_FUNCTION, preparation);
}

// MARK: Facts of a transfer

static inline CURLcode ligase_get_long(CURL *transfer, CURLINFO fact, long *value) {
    return curl_easy_getinfo(transfer, fact, value);
}
static inline CURLcode ligase_get_pointer(CURL *transfer, CURLINFO fact, void **value) {
    return curl_easy_getinfo(transfer, fact, (char **)value);
}

// MARK: Transfers that run together

static inline CURLMcode ligase_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode ligase_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode ligase_multi_set_socket_watcher(CURLM *multi, curl_socket_callback watcher) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watcher);
}
static inline CURLMcode ligase_multi_set_timer(CURLM *multi, curl_multi_timer_callback timer) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
}
/// The transfer that a message says has ended; NULL when it says something else.
static inline CURL *ligase_ended_transfer(const CURLMsg *message, CURLcode *result) {
    if (message->msg != CURLMSG_DONE) return NULL;
    *result = message->data.result;
    return message->easy_handle;
}

// MARK: What libcurl hands out of OpenSSL

// libcurl itself falls back to the common name where a certificate has no alternative names, which RFC 8310 §8.1 and
// RFC 9525 §2 forbid. So OpenSSL is told, through libcurl's hook, to compare names as well, and never with the subject.
// These few declarations repeat openssl/x509_vfy.h and openssl/ssl.h: the whole of them would import too much.
struct ssl_ctx_st;
struct X509_VERIFY_PARAM_st;
struct X509_VERIFY_PARAM_st *SSL_CTX_get0_param(struct ssl_ctx_st *context);
void SSL_CTX_set_security_level(struct ssl_ctx_st *context, int level);
void X509_VERIFY_PARAM_set_hostflags(struct X509_VERIFY_PARAM_st *parameters, unsigned int flags);
int X509_VERIFY_PARAM_set1_host(struct X509_VERIFY_PARAM_st *parameters, const char *name, size_t length);
int X509_VERIFY_PARAM_set1_ip(struct X509_VERIFY_PARAM_st *parameters, const unsigned char *octets, size_t length);

/// Demands `name` as a dNSName and `octets` as an iPAddress; either may be NULL. 1 for success.
static inline int ligase_demand_names(
    void *security, const char *name, size_t length, const unsigned char *octets, size_t count) {
    struct X509_VERIFY_PARAM_st *parameters = SSL_CTX_get0_param((struct ssl_ctx_st *)security);
    if (parameters == NULL) return 0;
    // X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS and X509_CHECK_FLAG_NEVER_CHECK_SUBJECT.
    X509_VERIFY_PARAM_set_hostflags(parameters, 0x4 | 0x20);
    if (name != NULL && X509_VERIFY_PARAM_set1_host(parameters, name, length) != 1) return 0;
    return octets == NULL || X509_VERIFY_PARAM_set1_ip(parameters, octets, count) == 1;
}
/// No key below 112 bits of strength, no SHA-1 under a signature (RFC 9325 §4).
static inline void ligase_demand_strength(void *security) {
    SSL_CTX_set_security_level((struct ssl_ctx_st *)security, 2);
}
