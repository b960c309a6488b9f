// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// Is told that the link has come up or gone down.
    /// </summary>
    /// <param name="sender">Null.</param>
    /// <param name="e">Which.</param>
    public delegate void NetworkAvailabilityChangedEventHandler(object sender, NetworkAvailabilityEventArgs e);
}
