// libmicrohttpd as Swift cannot import it by itself: functions with variable arguments.
#pragma once
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// What a server is told; each gets `context` first.
struct ligase_http_callbacks {
    void *context;
    MHD_AccessHandlerCallback requested;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback changed;
};

/// A path is compared as it was sent: an escaped octet is another path.
static inline size_t ligase_http_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/// A server without threads and without a listening socket of its own; NULL when there is none to be had.
static inline struct MHD_Daemon *ligase_http_start(
    struct ligase_http_callbacks callbacks, unsigned int connections, size_t header_bytes) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, callbacks.requested,
        callbacks.context, MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.changed, callbacks.context, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, header_bytes, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, &ligase_http_keep_escapes, NULL,
        MHD_OPTION_END);
}

/// The descriptor that is readable while there is something to do; -1 for none.
static inline int ligase_http_readiness(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info == NULL ? -1 : info->epoll_fd;
}

/// Hands a connection over, which is closed here when it cannot be served: 1 when it is.
static inline int ligase_http_add(struct MHD_Daemon *daemon, int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);
    if (getpeername(descriptor, (struct sockaddr *)&address, &length) != 0) {
        close(descriptor);
        return 0;
    }
    return MHD_add_connection(daemon, descriptor, (struct sockaddr *)&address, length) == MHD_YES;
}

/// The socket of a connection; -1 when it is not known.
static inline int ligase_http_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

/// The object that was put into a connection when it began.
static inline void *ligase_http_object(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/// Closed enumerations, whose cases Swift would rename.
static inline enum MHD_Result ligase_http_result(int isGood) { return isGood ? MHD_YES : MHD_NO; }
static inline int ligase_http_succeeded(enum MHD_Result result) { return result == MHD_YES; }
static inline int ligase_http_began(enum MHD_ConnectionNotificationCode code) {
    return code == MHD_CONNECTION_NOTIFY_STARTED;
}

/// In how many milliseconds the library wants to run; -1 for not before its readiness says so.
static inline long long ligase_http_wait(struct MHD_Daemon *daemon) {
    MHD_UNSIGNED_LONG_LONG milliseconds = 0;
    return MHD_get_timeout(daemon, &milliseconds) == MHD_YES ? (long long)milliseconds : -1;
}

/// Calls `iterator` with every header field.
static inline void ligase_http_fields(struct MHD_Connection *connection, MHD_KeyValueIteratorN iterator, void *context) {
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, iterator, context);
}

/// A response of bytes, which are copied; NULL when memory has run out.
static inline struct MHD_Response *ligase_http_response(const void *bytes, size_t count) {
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}
