// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>The options. Which ones these sockets have stands in the README; numbers are those of Winsock, so that several are there more than once.</summary>
    public enum SocketOptionName
    {
        /// <summary>Record debugging information.</summary>
        Debug = 1,

        /// <summary>The socket listens.</summary>
        AcceptConnection = 2,

        /// <summary>A port may be taken that another socket has.</summary>
        ReuseAddress = 4,

        /// <summary>Ask a silent peer whether it is still there.</summary>
        KeepAlive = 8,

        /// <summary>To the own link only.</summary>
        DontRoute = 16,

        /// <summary>May send to all hosts of a network.</summary>
        Broadcast = 32,

        /// <summary>Bypass the hardware where possible.</summary>
        UseLoopback = 64,

        /// <summary>Close waits for what was sent: two 32-bit numbers, whether, and how many seconds.</summary>
        Linger = 128,

        /// <summary>Urgent data are data.</summary>
        OutOfBandInline = 256,

        /// <summary>Close does not wait.</summary>
        DontLinger = -129,

        /// <summary>Nobody else may have the port.</summary>
        ExclusiveAddressUse = -5,

        /// <summary>Bytes of the buffer for sending.</summary>
        SendBuffer = 4097,

        /// <summary>Bytes of the buffer for receiving.</summary>
        ReceiveBuffer = 4098,

        /// <summary>Least room to be ready for sending.</summary>
        SendLowWater = 4099,

        /// <summary>Least data to be ready for receiving.</summary>
        ReceiveLowWater = 4100,

        /// <summary>Milliseconds to wait for room; 0 for ever.</summary>
        SendTimeout = 4101,

        /// <summary>Milliseconds to wait for data; 0 for ever.</summary>
        ReceiveTimeout = 4102,

        /// <summary>What went wrong.</summary>
        Error = 4103,

        /// <summary>The kind of socket.</summary>
        Type = 4104,

        /// <summary>The longest backlog.</summary>
        MaxConnections = 2147483647,

        /// <summary>IP options of what is sent.</summary>
        IPOptions = 1,

        /// <summary>The application writes the IP header.</summary>
        HeaderIncluded = 2,

        /// <summary>Type of service of what is sent.</summary>
        TypeOfService = 3,

        /// <summary>Time to live of what is sent.</summary>
        IpTimeToLive = 4,

        /// <summary>The interface that groups are sent through.</summary>
        MulticastInterface = 9,

        /// <summary>Time to live of what is sent to a group.</summary>
        MulticastTimeToLive = 10,

        /// <summary>What is sent to a group comes to us too.</summary>
        MulticastLoopback = 11,

        /// <summary>Join a group: four bytes of the group, four of the interface.</summary>
        AddMembership = 12,

        /// <summary>Leave a group: four bytes of the group, four of the interface.</summary>
        DropMembership = 13,

        /// <summary>Routers must not fragment.</summary>
        DontFragment = 14,

        /// <summary>Join a source group.</summary>
        AddSourceMembership = 15,

        /// <summary>Leave a source group.</summary>
        DropSourceMembership = 16,

        /// <summary>Hear nothing from a source.</summary>
        BlockSource = 17,

        /// <summary>Hear a source again.</summary>
        UnblockSource = 18,

        /// <summary>Tell where a datagram came in.</summary>
        PacketInformation = 19,

        /// <summary>Hop limit of IPv6.</summary>
        HopLimit = 21,

        /// <summary>Send small segments at once.</summary>
        NoDelay = 1,

        /// <summary>Urgent data as BSD has them.</summary>
        BsdUrgent = 2,

        /// <summary>Urgent data.</summary>
        Expedited = 2,

        /// <summary>UDP without checksum.</summary>
        NoChecksum = 1,

        /// <summary>How much of a datagram the checksum covers.</summary>
        ChecksumCoverage = 20,

        /// <summary>Has no meaning here.</summary>
        UpdateAcceptContext = 28683,

        /// <summary>Has no meaning here.</summary>
        UpdateConnectContext = 28688,
    }
}
