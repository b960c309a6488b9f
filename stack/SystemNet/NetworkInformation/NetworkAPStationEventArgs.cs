// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// A station of a Wi-Fi access point. There is no radio here, so there never is one.
    /// </summary>
    public class NetworkAPStationEventArgs : EventArgs
    {
        private readonly int _stationIndex;
        private readonly bool _isConnected;

        internal NetworkAPStationEventArgs(bool isConnected, int stationIndex)
        {
            _isConnected = isConnected;
            _stationIndex = stationIndex;
        }

        /// <summary>Gets a value indicating whether it has come.</summary>
        public bool IsConnected => _isConnected;

        /// <summary>Gets which one it is.</summary>
        public int StationIndex => _stationIndex;
    }
}
