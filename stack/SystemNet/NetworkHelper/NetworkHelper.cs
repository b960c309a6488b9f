// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net.NetworkInformation;
using System.Threading;

namespace nanoFramework.Networking
{
    /// <summary>
    /// Waits for the network: for a link, an address, and if asked to for a clock that somebody has set.
    /// </summary>
    /// <remarks>What board there is says <c>EthernetInterface.Use</c>, before the first call of this.</remarks>
    public static class NetworkHelper
    {
        private const int LookInterval = 100;

        // ten, and no other types before IPAddress have any: the firmware's IPGlobalProperties.GetIPAddress knows IPAddress.Any as the eleventh
        // static field of the assembly
        private static readonly ManualResetEvent s_networkReady = new ManualResetEvent(false);
        private static readonly object s_lock = new object();
        private static NetworkHelperStatus s_status;
        private static Exception s_exception;
        private static IPConfiguration s_configuration;
        private static NetworkInterface[] s_interfaces;
        private static Thread s_worker;
        private static bool s_requiresDateTime;
        private static bool s_isSetUp;
        private static bool s_isStopped;

        /// <summary>Gets the event that is set while there is an address, once the helper was set up.</summary>
        public static ManualResetEvent NetworkReady => s_networkReady;

        /// <summary>Gets how far it is.</summary>
        public static NetworkHelperStatus Status => s_status;

        /// <summary>Gets what went wrong, or null.</summary>
        public static Exception HelperException => s_exception;

        /// <summary>
        /// Begins to wait in a thread of its own, which sets <see cref="NetworkReady"/>.
        /// </summary>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <exception cref="InvalidOperationException">It was set up already.</exception>
        public static void SetupNetworkHelper(bool requiresDateTime = false) => SetupNetworkHelper(null, requiresDateTime);

        /// <summary>
        /// Takes a fixed address, and begins to wait in a thread of its own, which sets <see cref="NetworkReady"/>.
        /// </summary>
        /// <param name="ipConfiguration">The address, or null for one from a DHCP server.</param>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <exception cref="InvalidOperationException">It was set up already.</exception>
        public static void SetupNetworkHelper(IPConfiguration ipConfiguration, bool requiresDateTime = false)
        {
            Begin(ipConfiguration, requiresDateTime);
            s_worker = new Thread(Work);
            s_worker.Start();
        }

        /// <summary>
        /// Waits for the network.
        /// </summary>
        /// <param name="token">Ends the wait.</param>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <returns>Whether there is one; else <see cref="Status"/> says why not.</returns>
        /// <exception cref="InvalidOperationException">It was set up already.</exception>
        public static bool SetupAndConnectNetwork(CancellationToken token = default, bool requiresDateTime = false) =>
            SetupAndConnectNetwork(null, token, requiresDateTime);

        /// <summary>
        /// Takes a fixed address, and waits for the network.
        /// </summary>
        /// <param name="ipConfiguration">The address, or null for one from a DHCP server.</param>
        /// <param name="token">Ends the wait.</param>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <returns>Whether there is one; else <see cref="Status"/> says why not.</returns>
        /// <exception cref="InvalidOperationException">It was set up already.</exception>
        public static bool SetupAndConnectNetwork(IPConfiguration ipConfiguration, CancellationToken token = default, bool requiresDateTime = false)
        {
            Begin(ipConfiguration, requiresDateTime);
            return Wait(token);
        }

        /// <summary>
        /// Ends the waiting, so that it may be set up anew. The network stays as it is.
        /// </summary>
        public static void Reset()
        {
            s_isStopped = true;
            Thread worker = s_worker;
            if (worker != null && worker != Thread.CurrentThread)
            {
                worker.Join();
            }

            NetworkChange.NetworkAddressChanged -= OnAddressChanged;
            s_worker = null;
            s_status = NetworkHelperStatus.None;
            s_exception = null;
            s_networkReady.Reset();
            s_isSetUp = false;
        }

        private static void Begin(IPConfiguration ipConfiguration, bool requiresDateTime)
        {
            lock (s_lock)
            {
                if (s_isSetUp)
                {
                    throw new InvalidOperationException("NetworkHelper was set up already; Reset allows it once more.");
                }

                s_isSetUp = true;
            }

            s_isStopped = false;
            s_configuration = ipConfiguration;
            s_requiresDateTime = requiresDateTime;
            s_status = NetworkHelperStatus.Started;
        }

        /// <summary>
        /// Sets the address, and waits. What goes wrong is kept for whoever asks.
        /// </summary>
        private static bool Wait(CancellationToken token)
        {
            try
            {
                s_interfaces = NetworkInterface.GetAllNetworkInterfaces();
                if (s_interfaces.Length == 0)
                {
                    s_status = NetworkHelperStatus.FailedNoNetworkInterface;
                    return false;
                }

                NetworkHelperInternal.Apply(s_interfaces[0], s_configuration);
                NetworkChange.NetworkAddressChanged += OnAddressChanged;
                while (!NetworkHelperInternal.HasAddress(LookInterval))
                {
                    if (IsOver(token))
                    {
                        s_status = NetworkHelperStatus.TokenExpiredWaitingIPAddress;
                        return false;
                    }
                }

                while (s_requiresDateTime && !NetworkHelperInternal.IsClockSet())
                {
                    if (IsOver(token))
                    {
                        s_status = NetworkHelperStatus.TokenExpiredWaitingDateTime;
                        return false;
                    }

                    Thread.Sleep(LookInterval);
                }

                s_status = NetworkHelperStatus.NetworkIsReady;
                s_networkReady.Set();
                return true;
            }
            catch (Exception exception)
            {
                s_exception = exception;
                s_status = NetworkHelperStatus.ExceptionOccurred;
                return false;
            }
        }

        private static bool IsOver(CancellationToken token) => s_isStopped || token.IsCancellationRequested;

        private static void Work() => Wait(default);

        /// <summary>
        /// Once the network was ready, the event follows the address.
        /// </summary>
        private static void OnAddressChanged(object sender, EventArgs e)
        {
            if (s_status == NetworkHelperStatus.NetworkIsReady)
            {
                if (NetworkHelperInternal.HasAddress(0))
                {
                    s_networkReady.Set();
                }
                else
                {
                    s_networkReady.Reset();
                }
            }
        }
    }
}
