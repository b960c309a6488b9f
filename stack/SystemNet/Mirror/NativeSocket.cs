// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Net.Sockets
{
    /// <summary>
    /// What the firmware's table has native code for: its own sockets. Nothing here calls it.
    /// </summary>
    internal class NativeSocket
    {
#pragma warning disable SA1300, IDE1006 // the table has the names as they are
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int socket(int family, int type, int protocol);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void bind(object socket, EndPoint address);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void connect(object socket, EndPoint endPoint, bool throwOnWouldBlock);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int send(object socket, byte[] buffer, int offset, int count, int flags, int timeout);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int recv(object socket, byte[] buffer, int offset, int count, int flags, int timeout);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int close(object socket);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void listen(object socket, int backlog);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int accept(object socket);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void getaddrinfo(string name, out string canonicalName, out byte[][] addresses);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void shutdown(object socket, int how, out int error);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int sendto(object socket, byte[] buffer, int offset, int count, int flags, int timeout, EndPoint endPoint);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int recvfrom(object socket, byte[] buffer, int offset, int count, int flags, int timeout, ref EndPoint endPoint);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void getpeername(object socket, out EndPoint endPoint);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void getsockname(object socket, out EndPoint endPoint);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void getsockopt(object socket, int level, int name, byte[] value);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void setsockopt(object socket, int level, int name, byte[] value);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern bool poll(object socket, int mode, int microseconds);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void ioctl(object socket, uint command, ref uint argument);
#pragma warning restore SA1300, IDE1006
    }
}
