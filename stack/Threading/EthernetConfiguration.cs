// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Dhcp;
using TcpIp.Dns;

namespace TcpIp.Threading
{
    /// <summary>
    /// All that <see cref="EthernetInterface.Use"/> has to know; what is not set is as it is mostly wanted.
    /// </summary>
    public sealed class EthernetConfiguration
    {
        /// <summary>Gets or sets the sizes of the stack. DHCP takes one of its UDP sockets, and each lookup of a name one while it lasts.</summary>
        public StackConfiguration Stack { get; set; } = CreateStack();

        /// <summary>Gets or sets what is asked of a DHCP server, or null where there is none: then the address is fixed.</summary>
        public DhcpConfiguration Dhcp { get; set; } = new DhcpConfiguration();

        /// <summary>Gets or sets the sizes of the resolver.</summary>
        public DnsConfiguration Dns { get; set; } = new DnsConfiguration();

        /// <summary>
        /// Gets or sets the number of threads that can wait in a call at once and are let go the moment they can go on (1 or more). More threads may wait:
        /// they look again every 10 ms.
        /// </summary>
        public int Waiters { get; set; } = 8;

        /// <summary>Gets or sets the random numbers, or null for what the controller has (<see cref="NetworkController.CreateRandom"/>), or else the runtime's
        /// generator.</summary>
        public RandomSource Random { get; set; }

        /// <summary>Gets or sets the threads and the time: the runtime's, but in tests.</summary>
        public HostThreads Threads { get; set; } = new HostThreads();

        /// <summary>Gets or sets our address if it is fixed; 0.0.0.0 to ask a DHCP server.</summary>
        public uint Address { get; set; }

        /// <summary>Gets or sets the netmask that goes with it.</summary>
        public uint Netmask { get; set; }

        /// <summary>Gets or sets the router's address, likewise; 0.0.0.0 for none.</summary>
        public uint Gateway { get; set; }

        /// <summary>Gets or sets the address of a name server, for a fixed address; 0.0.0.0 for none.</summary>
        public uint DnsServer { get; set; }

        /// <summary>
        /// Checks what the parts do not check themselves.
        /// </summary>
        /// <exception cref="ArgumentException">A value is missing or out of its range; the message names it.</exception>
        internal void Validate()
        {
            if (Stack == null || Dns == null || Threads == null)
            {
                throw new ArgumentException("Stack, Dns and Threads are needed.");
            }

            if (Waiters < 1)
            {
                throw new ArgumentException("Waiters must be 1 or more.");
            }

            if (Address == 0 && Dhcp == null)
            {
                throw new ArgumentException("Without Dhcp an Address is needed.");
            }
        }

        /// <summary>
        /// For a few servers and clients at once: connections that are closed hold their place for a while.
        /// </summary>
        private static StackConfiguration CreateStack()
        {
            StackConfiguration stack = StackConfiguration.ForClients(8);
            stack.UdpSockets = 6;
            stack.MulticastGroups = 2;
            return stack;
        }
    }
}
