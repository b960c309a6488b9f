// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;
using nanoFramework.TestFramework;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Http;
using GC = nanoFramework.Runtime.Native.GC;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Memory is taken at start-up and at no other time.
    /// </summary>
    [TestClass]
    public class MemoryTests
    {
        private static TcpIpStack s_stack;

        [TestMethod]
        public void FreeMemoryIsTheSameAfterAThousandRequests()
        {
            const int WarmUp = 30;
            const int Requests = 1000;
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, false, 0);
            HttpPage[] pages = new HttpPage[] { new FirmwareLikePage(hosts.Server) };
            hosts.Http = new HttpServer(hosts.Server.Sockets, WordOrder.LowByteFirst, WebClient.Port, 2, pages);
            WebClient client = new WebClient(hosts);
            byte[] request = Check.BytesOf("GET / HTTP/1.1\r\nHost: 10.0.0.2\r\n\r\n");
            for (int i = 0; i < WarmUp; i++)
            {
                client.Fetch(request);
            }

            int length = client.Length;
            uint before = FreeMemory();
            int failed = 0;
            for (int i = 0; i < Requests; i++)
            {
                if (client.Fetch(request) != 0 || client.Length != length)
                {
                    failed++;
                }
            }

            uint after = FreeMemory();
            OutputHelper.WriteLine("nano-memory,free-after-1000-requests,before=" + before.ToString() + ",after=" + after.ToString());
            Assert.AreEqual(0, failed, "failed requests");
            Assert.AreEqual((uint)(WarmUp + Requests), hosts.Http.Counters.Pages);
            Assert.AreEqual(before, after, "free memory before and after");
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 1);
        }

        [TestMethod]
        public void WhatADefaultStackTakes()
        {
            MemoryInterface networkInterface = new MemoryInterface(new MacAddress(RawStation.StackMac), WordOrder.LowByteFirst);
            StackConfiguration configuration = new StackConfiguration();
            SeededRandom random = new SeededRandom(1);
            int computed = configuration.MemoryBytes();
            s_stack = null;
            uint before = FreeMemory();
            s_stack = new TcpIpStack(configuration, networkInterface, random);
            uint after = FreeMemory();
            int taken = (int)(before - after);
            OutputHelper.WriteLine("nano-memory,default-stack,taken=" + taken.ToString() + ",computed=" + computed.ToString());
            Check.AllReturned(s_stack.Pool);
            s_stack = null;

            // a 64-bit host has heap blocks of twice the size, so this holds on a device and on a host
            Assert.IsTrue(taken > computed * 9 / 10, "less than computed");
            Assert.IsTrue(taken < computed * 5 / 2, "more than computed");
        }

        /// <summary>
        /// Free memory once everything is collected: some of what the tests before have left goes with the second collection only.
        /// </summary>
        private static uint FreeMemory()
        {
            GC.Run(false);
            return GC.Run(false);
        }
    }
}
