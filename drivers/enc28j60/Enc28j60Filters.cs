// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Which packets are let in (DS39662E 8; ERXFCON): those that fit any of these. Groups that were joined come on top.
    /// </summary>
    [Flags]
    public enum Enc28j60Filters
    {
        /// <summary>Nothing but the groups that were joined, of which there must be one.</summary>
        None = 0,

        /// <summary>Packets to all.</summary>
        Broadcast = 0x01,

        /// <summary>Packets to any group.</summary>
        AllMulticast = 0x02,

        /// <summary>Magic packets for this station: six bytes FFh and sixteen times its address.</summary>
        MagicPacket = 0x08,

        /// <summary>Packets with the bytes given to <see cref="Enc28j60.SetPattern"/>.</summary>
        Pattern = 0x10,

        /// <summary>Packets to this station.</summary>
        Unicast = 0x80,

        /// <summary>Every packet with a good FCS, whomever it is for.</summary>
        Promiscuous = 0x100,
    }
}
