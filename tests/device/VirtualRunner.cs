// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Runs the client's stack while a call waits, in the test's time: it passes in a sleep, in which the server's side works. A frame
    /// that arrives ends the sleep.
    /// </summary>
    internal sealed class VirtualRunner : StackRunner
    {
        private const int LongestTest = 600000;

        private readonly TwoHosts _hosts;
        private readonly IBackgroundWork _server;
        private int _passed;

        internal VirtualRunner(TwoHosts hosts, IBackgroundWork server)
            : base(hosts.Client)
        {
            _hosts = hosts;
            _server = server;
        }

        /// <inheritdoc/>
        protected override int Now() => _hosts.Now;

        /// <inheritdoc/>
        protected override void Sleep(int milliseconds)
        {
            for (int i = 0; i < milliseconds && _hosts.ClientInterface.Waiting == 0; i++)
            {
                _hosts.Now++;
                _hosts.PollServer();
                if (_server != null)
                {
                    _server.Poll(_hosts.Now);
                }

                _passed++;
                if (_passed > LongestTest)
                {
                    // not asserted each time: the text would be an object each time
                    Assert.IsTrue(false, "it waits for ever");
                }
            }
        }
    }
}
