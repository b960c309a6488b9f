// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Networking
{
    /// <summary>How far <see cref="NetworkHelper"/> is.</summary>
    public enum NetworkHelperStatus
    {
        /// <summary>It was not asked yet.</summary>
        None = 0,

        /// <summary>It waits for the network.</summary>
        Started = 1,

        /// <summary>There is an address.</summary>
        NetworkIsReady = 2,

        /// <summary>No network was set up.</summary>
        FailedNoNetworkInterface = 3,

        /// <summary>The time was over before there was an address.</summary>
        TokenExpiredWaitingIPAddress = 4,

        /// <summary>The time was over before the clock was set.</summary>
        TokenExpiredWaitingDateTime = 5,

        /// <summary>There is no radio here, so this is never said.</summary>
        ErrorConnetingToWiFiWhileScanning = 6,

        /// <summary>Something went wrong: see <see cref="NetworkHelper.HelperException"/>.</summary>
        ExceptionOccurred = 7,

        /// <summary>There was a network; now link or address have gone, and it goes on when both are back.</summary>
        Reconnecting = 8,
    }
}
