// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.IPv4;

namespace TcpIp.Threading
{
    /// <summary>
    /// What the host knows of a socket beside what the stack does. There is one for each place in the stack's table, made at start-up.
    /// </summary>
    internal sealed class HostSocket
    {
        /// <summary>The descriptor that fits, or -1: a handle is the stack's descriptor, which carries the generation of its place.</summary>
        internal int Handle = -1;

        /// <summary>Whether it is for datagrams.</summary>
        internal bool IsDatagram;

        /// <summary>Whether the application does not want to receive any more.</summary>
        internal bool IsReceiveShut;

        /// <summary>Whether it was to be connected, and could not: the stack goes on to tell whom it was to be connected with.</summary>
        internal bool HasFailedToOpen;

        /// <summary>The address that it was bound to, 0.0.0.0 for all that are ours.</summary>
        internal uint BoundAddress;

        /// <summary>Values of <see cref="HostOption"/>, a place each.</summary>
        internal readonly int[] Options = new int[(int)HostOption.Error];

        /// <summary>
        /// Somebody gets the place.
        /// </summary>
        /// <param name="handle">The descriptor.</param>
        /// <param name="isDatagram">Whether it is for datagrams.</param>
        internal void Open(int handle, bool isDatagram)
        {
            Handle = handle;
            IsDatagram = isDatagram;
            IsReceiveShut = false;
            HasFailedToOpen = false;
            BoundAddress = IPv4Address.Any;
            int[] options = Options;
            for (int i = 0; i < options.Length; i++)
            {
                options[i] = 0;
            }

            options[(int)HostOption.Linger] = -1;
            options[(int)HostOption.TimeToLive] = IPv4Layer.DefaultTimeToLive;
            options[(int)HostOption.MulticastTimeToLive] = 1;
            options[(int)HostOption.MulticastLoopback] = isDatagram ? 1 : 0;
            options[(int)HostOption.Type] = isDatagram ? 2 : 1;
        }
    }
}
