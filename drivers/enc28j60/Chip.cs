// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The chip's blocks as the data sheet has them. Each is the only one that writes its registers: README.md has the table.
    /// </summary>
    internal sealed class Chip
    {
        internal readonly Agenda Agenda = new Agenda();
        internal readonly SpiPort Port;
        internal readonly BufferMemory Memory;
        internal readonly ReceiveBuffer ReceiveBuffer;
        internal readonly Reception Reception;
        internal readonly ReceiveFilters Filters;
        internal readonly Transmitter Transmitter;
        internal readonly Mac Mac;
        internal readonly Phy Phy;
        internal readonly PowerControl Power;
        internal readonly InterruptLine Interrupts;

        internal Chip(SpiDevice device, MacAddress address, Enc28j60Options options, Enc28j60Counters counters, Enc28j60Listener listener)
        {
            Port = new SpiPort(device);
            Memory = new BufferMemory(Port);
            ReceiveBuffer = new ReceiveBuffer(Port);
            Reception = new Reception(Port);
            Filters = new ReceiveFilters(Port, Agenda, address, options.Filters, options.MulticastGroups);
            Transmitter = new Transmitter(Port, Agenda, Memory, counters, options, listener);
            Mac = new Mac(Port, address, options.FullDuplex);
            Phy = new Phy(Port, options);
            Power = new PowerControl(Port, Reception, options.ClockOutput);
            Interrupts = new InterruptLine(Port);
        }
    }
}
