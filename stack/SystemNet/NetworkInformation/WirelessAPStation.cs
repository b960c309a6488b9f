// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// A station of a Wi-Fi access point. There is no radio here, so there never is one.
    /// </summary>
    public class WirelessAPStation
    {
        private readonly byte[] _macAddress;
        private readonly sbyte _rssi;
        private readonly PhyProtocols _phyModes;

        internal WirelessAPStation(byte[] macAddress, sbyte rssi, PhyProtocols phyModes)
        {
            _macAddress = macAddress;
            _rssi = rssi;
            _phyModes = phyModes;
        }

        /// <summary>Gets its MAC address.</summary>
        public byte[] MacAddress => _macAddress;

        /// <summary>Gets how well it is heard, in dBm.</summary>
        public sbyte Rssi => _rssi;

        /// <summary>Gets what it speaks.</summary>
        public PhyProtocols PhyModes => _phyModes;
    }
}
