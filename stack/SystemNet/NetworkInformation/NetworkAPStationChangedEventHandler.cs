// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// Is told that a station has come to a Wi-Fi access point, or has left. There is no radio here, so it never is.
    /// </summary>
    /// <param name="NetworkIndex">The interface.</param>
    /// <param name="e">The station.</param>
    public delegate void NetworkAPStationChangedEventHandler(int NetworkIndex, NetworkAPStationEventArgs e);
}
