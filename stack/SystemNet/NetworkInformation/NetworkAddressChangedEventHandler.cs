// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// Is told that our address, or what came with it, is another one.
    /// </summary>
    /// <param name="sender">Null.</param>
    /// <param name="e">Empty.</param>
    public delegate void NetworkAddressChangedEventHandler(object sender, EventArgs e);
}
