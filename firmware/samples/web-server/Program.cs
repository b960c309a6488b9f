// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net;
using System.Threading;
using nanoFramework.Networking;
using nanoFramework.WebServer;
using Samples;
using TcpIp.Threading;

namespace WebServerSample
{
    /// <summary>
    /// nanoFramework's WebServer over the ENC28J60, as it is: routes in a controller, JSON out, a number in by POST.
    /// </summary>
    public static class Program
    {
        private const int Port = 80;
        private const int Listeners = 1;
        private const int LookInterval = 2000;

        /// <summary>
        /// The entry point.
        /// </summary>
        public static void Main()
        {
            EthernetBoard.Begin();
            if (!NetworkHelper.SetupAndConnectNetwork())
            {
                Console.WriteLine("There is no network: " + NetworkHelper.Status.ToString());
                return;
            }

            using (WebServer server = new WebServer(Port, HttpProtocol.Http, new Type[] { typeof(ReadingController) }))
            {
                server.Start();
                Console.WriteLine("http://" + IPAddress.GetDefaultLocalAddress().ToString() + "/api/reading");
                while (true)
                {
                    // a client that leaves without having asked leaves its socket to the garbage collector (README), which comes when memory
                    // runs short; but sockets do before
                    Thread.Sleep(LookInterval);
                    if (EthernetInterface.Current.Sockets.OpenHandles > Listeners)
                    {
                        nanoFramework.Runtime.Native.GC.Run(false);
                    }
                }
            }
        }
    }
}
