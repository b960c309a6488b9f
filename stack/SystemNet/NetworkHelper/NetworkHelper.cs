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
        private static NetworkInterface[] s_interfaces;
        private static Thread s_worker;
        private static bool s_requiresDateTime;
        private static bool s_isSetUp;
        private static bool s_isStopped;
        private static bool s_wasReady;

        /// <summary>Gets the event that is set while there are a link and an address, once the helper has seen both.</summary>
        public static ManualResetEvent NetworkReady => s_networkReady;

        /// <summary>Gets how far it is.</summary>
        public static NetworkHelperStatus Status => s_status;

        /// <summary>Gets what went wrong, or null.</summary>
        public static Exception HelperException => s_exception;

        /// <summary>
        /// Begins to wait in a thread of its own, which sets <see cref="NetworkReady"/>.
        /// </summary>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <exception cref="InvalidOperationException">It waits already.</exception>
        /// <exception cref="NotSupportedException">No network was set up.</exception>
        public static void SetupNetworkHelper(bool requiresDateTime = false) => SetupNetworkHelper(null, requiresDateTime);

        /// <summary>
        /// Takes a fixed address, and begins to wait in a thread of its own, which sets <see cref="NetworkReady"/>.
        /// </summary>
        /// <param name="ipConfiguration">The address; null for one from a DHCP server, or for the one that <c>EthernetInterface.Use</c> was given.</param>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <exception cref="InvalidOperationException">It waits already.</exception>
        /// <exception cref="NotSupportedException">No network was set up.</exception>
        /// <exception cref="ArgumentException">The address, or what goes with it, is none.</exception>
        public static void SetupNetworkHelper(IPConfiguration ipConfiguration, bool requiresDateTime = false)
        {
            lock (s_lock)
            {
                if (s_isSetUp)
                {
                    throw new InvalidOperationException("NetworkHelper was set up already; Reset allows it once more.");
                }

                if (!Begin(ipConfiguration))
                {
                    throw new NotSupportedException("EthernetInterface.Use comes first.");
                }

                s_isSetUp = true;
                s_requiresDateTime = requiresDateTime;
                s_worker = new Thread(Work);
                s_worker.Start();
            }
        }

        /// <summary>
        /// Waits for the network. It may be called again, whatever came of it.
        /// </summary>
        /// <param name="token">Ends the wait.</param>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <returns>Whether there is one; else <see cref="Status"/> says why not.</returns>
        public static bool SetupAndConnectNetwork(CancellationToken token = default, bool requiresDateTime = false) =>
            SetupAndConnectNetwork(null, token, requiresDateTime);

        /// <summary>
        /// Takes a fixed address, and waits for the network. It may be called again, whatever came of it.
        /// </summary>
        /// <param name="ipConfiguration">The address; null for one from a DHCP server, or for the one that <c>EthernetInterface.Use</c> was given.</param>
        /// <param name="token">Ends the wait.</param>
        /// <param name="requiresDateTime">Whether to wait for a clock that somebody has set, too.</param>
        /// <returns>Whether there is one; else <see cref="Status"/> says why not.</returns>
        public static bool SetupAndConnectNetwork(IPConfiguration ipConfiguration, CancellationToken token = default, bool requiresDateTime = false)
        {
            try
            {
                return Begin(ipConfiguration) && Wait(token, requiresDateTime);
            }
            catch (Exception exception)
            {
                s_exception = exception;
                s_status = NetworkHelperStatus.ExceptionOccurred;
                return false;
            }
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

            NetworkChange.NetworkAddressChanged -= OnChanged;
            lock (s_lock)
            {
                s_worker = null;
                s_status = NetworkHelperStatus.None;
                s_exception = null;
                s_wasReady = false;
                s_networkReady.Reset();
                s_isSetUp = false;
            }
        }

        /// <summary>
        /// Once the network was ready, the event and the status follow the link and the address.
        /// </summary>
        /// <param name="sender">Nobody.</param>
        /// <param name="e">Nothing.</param>
        internal static void OnChanged(object sender, EventArgs e)
        {
            lock (s_lock)
            {
                if (!NetworkHelperInternal.HasAddress(0))
                {
                    s_networkReady.Reset();
                    s_status = s_status == NetworkHelperStatus.NetworkIsReady ? NetworkHelperStatus.Reconnecting : s_status;
                }
                else if (s_wasReady && s_status != NetworkHelperStatus.Started)
                {
                    // whoever waits right now sees it himself, and may wait for more
                    s_status = NetworkHelperStatus.NetworkIsReady;
                    s_networkReady.Set();
                }
            }
        }

        /// <summary>
        /// Sets the address, and sees to it that changes are told.
        /// </summary>
        /// <returns>Whether there is a network.</returns>
        private static bool Begin(IPConfiguration ipConfiguration)
        {
            s_interfaces = NetworkInterface.GetAllNetworkInterfaces();
            if (s_interfaces.Length == 0)
            {
                s_status = NetworkHelperStatus.FailedNoNetworkInterface;
                return false;
            }

            // off first: it may be on from an earlier call, and the network may be another one than then
            NetworkChange.NetworkAddressChanged -= OnChanged;
            NetworkChange.NetworkAddressChanged += OnChanged;
            NetworkHelperInternal.Apply(s_interfaces[0], ipConfiguration);
            s_isStopped = false;
            s_exception = null;
            s_status = NetworkHelperStatus.Started;
            return true;
        }

        /// <summary>
        /// Waits for link and address, and for the clock if asked to.
        /// </summary>
        private static bool Wait(CancellationToken token, bool requiresDateTime)
        {
            while (!NetworkHelperInternal.HasAddress(LookInterval))
            {
                if (IsOver(token))
                {
                    s_status = NetworkHelperStatus.TokenExpiredWaitingIPAddress;
                    return false;
                }
            }

            while (requiresDateTime && !NetworkHelperInternal.IsClockSet())
            {
                if (IsOver(token))
                {
                    s_status = NetworkHelperStatus.TokenExpiredWaitingDateTime;
                    return false;
                }

                Thread.Sleep(LookInterval);
            }

            lock (s_lock)
            {
                s_wasReady = true;
                s_status = NetworkHelperStatus.NetworkIsReady;
                s_networkReady.Set();

                // what has gone by now was told before anybody followed it
                OnChanged(null, EventArgs.Empty);
            }

            return true;
        }

        private static bool IsOver(CancellationToken token) => s_isStopped || token.IsCancellationRequested;

        private static void Work() => Wait(default, s_requiresDateTime);
    }
}
