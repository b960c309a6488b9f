// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Threading
{
    /// <summary>
    /// Tells that something about the network has changed.
    /// </summary>
    /// <param name="changes"><see cref="EthernetInterface.AddressChange"/>, <see cref="EthernetInterface.LinkChange"/>, or both.</param>
    public delegate void NetworkChanged(int changes);
}
