// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// Tells of changes of the network: of this one alone, whatever other interfaces the firmware has.
    /// </summary>
    /// <remarks>Handlers are called by a thread that does nothing else. They may take their time, and may make calls of sockets.</remarks>
    public static partial class NetworkChange
    {
        private static readonly object s_handlers = new object();
        private static NetworkAddressChangedEventHandler s_addressChanged;
        private static NetworkAvailabilityChangedEventHandler s_availabilityChanged;

        static NetworkChange()
        {
            // whoever looks for a fault on the console shall know whose assembly runs
            Console.WriteLine("System.Net over TcpIp: not nanoFramework's own, and no TLS.");
        }

        /// <summary>Our address, or what came with it, is another one.</summary>
        /// <exception cref="InvalidOperationException">No network was set up: <see cref="EthernetInterface.Use"/> comes first.</exception>
        public static event NetworkAddressChangedEventHandler NetworkAddressChanged
        {
            add
            {
                lock (s_handlers)
                {
                    Listen();
                    s_addressChanged += value;
                }
            }

            remove
            {
                lock (s_handlers)
                {
                    s_addressChanged -= value;
                }
            }
        }

        /// <summary>The link has come up or gone down.</summary>
        /// <exception cref="InvalidOperationException">No network was set up: <see cref="EthernetInterface.Use"/> comes first.</exception>
        public static event NetworkAvailabilityChangedEventHandler NetworkAvailabilityChanged
        {
            add
            {
                lock (s_handlers)
                {
                    Listen();
                    s_availabilityChanged += value;
                }
            }

            remove
            {
                lock (s_handlers)
                {
                    s_availabilityChanged -= value;
                }
            }
        }

        /// <summary>A station has come to a Wi-Fi access point, or has left: there is no radio here, so nobody is ever told.</summary>
        public static event NetworkAPStationChangedEventHandler NetworkAPStationChanged
        {
            add
            {
            }

            remove
            {
            }
        }

        private static void Listen()
        {
            EthernetInterface network = EthernetInterface.Current;
            if (network == null)
            {
                throw new InvalidOperationException("EthernetInterface.Use comes first.");
            }

            network.SetListener(new NetworkChanged(new NetworkListener().Tell));
        }

        /// <summary>
        /// Is told by the network, and tells the handlers.
        /// </summary>
        internal class NetworkListener
        {
            /// <summary>
            /// Tells the handlers.
            /// </summary>
            /// <param name="changes">Bits of <see cref="EthernetInterface"/>.</param>
            internal void Tell(int changes)
            {
                // a handler that throws keeps no others from being told, and least of all the helper
                nanoFramework.Networking.NetworkHelper.OnChanged(null, EventArgs.Empty);
                try
                {
                    if ((changes & EthernetInterface.LinkChange) != 0)
                    {
                        TellAvailability();
                    }
                }
                finally
                {
                    if ((changes & EthernetInterface.AddressChange) != 0)
                    {
                        TellAddress();
                    }
                }
            }

            private void TellAvailability()
            {
                NetworkAvailabilityChangedEventHandler handlers = s_availabilityChanged;
                EthernetInterface network = EthernetInterface.Current;
                if (handlers != null && network != null)
                {
                    handlers(null, new NetworkAvailabilityEventArgs(network.IsLinkUp));
                }
            }

            private void TellAddress()
            {
                NetworkAddressChangedEventHandler handlers = s_addressChanged;
                if (handlers != null)
                {
                    handlers(null, EventArgs.Empty);
                }
            }
        }
    }
}
