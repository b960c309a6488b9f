// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Link;

namespace TcpIp.Threading
{
    /// <summary>
    /// A driver that runs already and has no interrupt: it is asked as often as its <see cref="INetworkInterface.Poll"/> wants.
    /// </summary>
    public class PolledController : NetworkController
    {
        private readonly INetworkInterface _interface;
        private readonly HostThreads _threads;
        private readonly HostSignal _signal;

        /// <summary>
        /// Initializes a new instance of the <see cref="PolledController"/> class.
        /// </summary>
        /// <param name="networkInterface">The driver, which knows its word order.</param>
        /// <param name="threads">The same as <see cref="EthernetConfiguration.Threads"/>.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        public PolledController(INetworkInterface networkInterface, HostThreads threads)
        {
            if (networkInterface == null)
            {
                throw new ArgumentNullException(nameof(networkInterface));
            }

            if (threads == null)
            {
                throw new ArgumentNullException(nameof(threads));
            }

            _interface = networkInterface;
            _threads = threads;
            _signal = threads.CreateSignal();
        }

        /// <inheritdoc/>
        public override INetworkInterface Interface => _interface;

        /// <inheritdoc/>
        public override void Sleep(int milliseconds)
        {
            if (milliseconds > 0)
            {
                _signal.Wait(milliseconds);
            }
            else
            {
                _threads.Sleep(0);
            }
        }

        /// <inheritdoc/>
        public override void Wake() => _signal.Set();
    }
}
