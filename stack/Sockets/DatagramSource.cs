// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Sockets
{
    /// <summary>
    /// Where a datagram came from, and where it went. The application makes one at start-up and has it filled again and again.
    /// </summary>
    public sealed class DatagramSource
    {
        /// <summary>Gets the sender's address.</summary>
        public uint Address { get; internal set; }

        /// <summary>Gets the sender's port; 0 from one who wants no answer.</summary>
        public int Port { get; internal set; }

        /// <summary>Gets the address that it was sent to: ours, that of a group, or that of all.</summary>
        public uint Destination { get; internal set; }

        /// <summary>Gets the bytes of data that the datagram had: more than were read if the buffer was too small.</summary>
        public int Length { get; internal set; }

        /// <summary>Gets a value indicating whether the buffer was too small: the rest of the datagram is lost.</summary>
        public bool IsTruncated { get; internal set; }
    }
}
