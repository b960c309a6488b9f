// Licensed under the MIT license. See LICENSE in the repository root.

namespace Firmware
{
    /// <summary>
    /// What the network is doing, from nothing to all: the later ones stand above.
    /// </summary>
    public enum NetworkState
    {
        /// <summary>The chip is being started, or the link has a moment to come up.</summary>
        Starting,

        /// <summary>The chip does not answer; the driver goes on trying to start it, and its fault says why.</summary>
        ChipFailed,

        /// <summary>There is no link: nothing is plugged in, or the other end is off.</summary>
        NoLink,

        /// <summary>There is a link, and no address yet.</summary>
        NoAddress,

        /// <summary>The link is asked whether somebody else has the address.</summary>
        Checking,

        /// <summary>Somebody else has the address, so it is not used.</summary>
        AddressTaken,

        /// <summary>The address is one that is good on the link only.</summary>
        LinkLocal,

        /// <summary>All is well.</summary>
        Ready,
    }
}
