// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Link;
using nanoFramework.TestFramework;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// What is done once at start-up, and what an idle stack says.
    /// </summary>
    [TestClass]
    public class StackTests
    {
        [TestMethod]
        public void Addresses()
        {
            Assert.AreEqual(0xC0A80132U, IPv4Address.Parse("192.168.1.50"));
            Assert.AreEqual(0xC0A80132U, IPv4Address.Create(192, 168, 1, 50));
            Assert.AreEqual("255.0.10.1", IPv4Address.ToString(0xFF000A01));
            Assert.ThrowsException(typeof(ArgumentException), () => IPv4Address.Parse("1.2.3"));
            Assert.IsFalse(IPv4Address.IsUnicast(0xE0000001));
            Assert.IsTrue(IPv4Address.IsMulticast(0xE0000001));
            Assert.IsFalse(IPv4Address.IsUnicast(0x7F000001));

            MacAddress address = new MacAddress(new byte[] { 0x02, 0xA0, 0x0B, 0xCC, 0xDD, 0xFF });
            Assert.AreEqual("02-A0-0B-CC-DD-FF", address.ToString());
            ushort[] words = address.ToWords(WordOrder.LowByteFirst);
            Assert.AreEqual(0xA002, (int)words[0]);
            words = address.ToWords(WordOrder.HighByteFirst);
            Assert.AreEqual(0x02A0, (int)words[0]);
            Assert.AreEqual(0xDDFF, (int)words[2]);
            Assert.ThrowsException(typeof(ArgumentException), () => new MacAddress(new byte[] { 1, 2, 3, 4, 5, 6 }));
        }

        [TestMethod]
        public void WrongConfigurationsAreRefused()
        {
            new StackConfiguration().Validate();
            Refuse(new StackConfiguration() { TcpSockets = 0 });
            Refuse(new StackConfiguration() { TcpSockets = 129 });
            Refuse(new StackConfiguration() { TcpReceiveWindow = 535 });
            Refuse(new StackConfiguration() { FrameCounts = new int[] { 1 } });
            Refuse(new StackConfiguration() { FrameCapacities = new int[] { 64 }, FrameCounts = new int[] { 1 } });
            Refuse(new StackConfiguration() { ReceiveReserve = 1000 });
        }

        [TestMethod]
        public void SocketsRunOutAndComeBack()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, 0);
            SocketLayer sockets = hosts.Client.Sockets;
            int[] descriptors = new int[sockets.Count];
            for (int i = 0; i < descriptors.Length; i++)
            {
                descriptors[i] = sockets.Socket();
                Assert.IsTrue(descriptors[i] >= 0);
            }

            Assert.AreEqual((int)SocketError.TooManyOpenSockets, sockets.Socket());
            Assert.AreEqual(0, sockets.Close(descriptors[3]));
            int again = sockets.Socket();
            Assert.IsTrue(again >= 0 && again != descriptors[3], "an old ticket must not fit");
            Assert.AreEqual((int)SocketError.BadDescriptor, sockets.Bind(descriptors[3], 80));
            Assert.AreEqual(0, sockets.Bind(again, 80));
            Assert.AreEqual((int)SocketError.AddressInUse, sockets.Bind(descriptors[0], 80));
            descriptors[3] = again;
            for (int i = 0; i < descriptors.Length; i++)
            {
                Assert.AreEqual(0, sockets.Close(descriptors[i]));
            }

            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void AnIdleStackCanWait()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);
            station.Stack.Poll(-3000);
            station.Stack.Poll(-1000);
            Assert.AreEqual(int.MaxValue, station.Stack.Poll(1), "our address is announced, nothing is known, nothing is due");
            station.Introduce(2);
            Assert.IsTrue(station.Stack.Poll(3) > 1000, "the neighbour's entry ages");
            Assert.AreEqual(1U, station.Stack.Ethernet.Counters.LinkChanges);
            Check.AllReturned(station.Stack.Pool);
            Check.AllReturned(station.Pool);
        }

        [TestMethod]
        public void FramesWaitForABusyInterface()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);
            byte[] bytes = new byte[RawStation.LongestFrame];
            station.Introduce(0);
            station.StackInterface.CanSend = false;
            // answers to a stranger take half of it
            int queue = new StackConfiguration().TransmitQueue >> 1;
            int sent = 0;
            while (sent < queue + 8)
            {
                for (int i = 0; i < 8; i++)
                {
                    station.Send(bytes, RawStation.Echo(bytes, 56));
                    sent++;
                }

                Assert.AreEqual(0, station.Stack.Poll(1));
            }

            Assert.AreEqual(-1, station.Receive(bytes));
            Assert.AreEqual(queue, (int)station.Stack.Ethernet.Counters.Queued);
            Assert.AreEqual(sent - queue, (int)station.Stack.Ethernet.Counters.QueueFull);
            station.StackInterface.CanSend = true;
            station.Stack.Poll(2);
            for (int i = 0; i < queue; i++)
            {
                Assert.AreEqual(98, station.Receive(bytes));
            }

            Assert.AreEqual(-1, station.Receive(bytes));

            station.StackInterface.CanSend = false;
            station.Send(bytes, RawStation.Echo(bytes, 56));
            station.Stack.Poll(3);
            station.StackInterface.IsLinkUp = false;
            station.Stack.Poll(4);
            Check.AllReturned(station.Stack.Pool);
            Check.AllReturned(station.Pool);
        }

        private static void Refuse(StackConfiguration configuration)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => configuration.Validate());
        }
    }
}
