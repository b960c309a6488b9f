// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What an LED at the chip shows (DS39662E 2.6; PHLCON). Code 1110, duplex and collisions, is left out: the chip shows
    /// the duplex mode only (DS80349C 11).
    /// </summary>
    public enum Enc28j60Led
    {
        /// <summary>Transmission.</summary>
        Transmit = 0x1,

        /// <summary>Reception.</summary>
        Receive = 0x2,

        /// <summary>Collisions.</summary>
        Collision = 0x3,

        /// <summary>The link.</summary>
        Link = 0x4,

        /// <summary>Full duplex.</summary>
        Duplex = 0x5,

        /// <summary>Transmission and reception.</summary>
        Activity = 0x7,

        /// <summary>Always on.</summary>
        On = 0x8,

        /// <summary>Always off.</summary>
        Off = 0x9,

        /// <summary>Blinks fast.</summary>
        BlinkFast = 0xA,

        /// <summary>Blinks slowly.</summary>
        BlinkSlow = 0xB,

        /// <summary>The link, interrupted by reception.</summary>
        LinkAndReceive = 0xC,

        /// <summary>The link, interrupted by transmission and reception.</summary>
        LinkAndActivity = 0xD,
    }
}
