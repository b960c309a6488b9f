// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// What goes on while a call waits: a server of the application's, say.
    /// </summary>
    /// <remarks>
    /// It may use the stack's sockets, but not wait: a waiting call that is made in here is refused with
    /// <see cref="SocketError.WouldDeadlock"/>. Nor may it allocate, if nothing else does.
    /// </remarks>
    public interface IBackgroundWork
    {
        /// <summary>
        /// Does what is due, after the stack has been polled.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack; it wraps.</param>
        /// <returns>Milliseconds after which it wants to be called again, even if nothing arrives; 0 for at once.</returns>
        int Poll(int now);
    }
}
