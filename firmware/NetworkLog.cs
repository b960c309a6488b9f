// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Dhcp;

namespace Firmware
{
    /// <summary>
    /// Tells a person at the console what the network is doing, and what to do about what fails.
    /// </summary>
    /// <remarks>
    /// It goes on for as long as the board runs, so it makes no strings: on nanoCLR even a literal is a new one each time that it is
    /// reached. All of them are made at the start.
    /// </remarks>
    public sealed class NetworkLog
    {
        private const int SecondsPerMinute = 60;

        private static readonly string s_linkUp = "The link is up.";
        private static readonly string s_noLink = "There is no link. Is the cable plugged in, and what it leads to switched on?";
        private static readonly string s_noAddress = "A DHCP server is looked for.";
        private static readonly string s_released = "The address was given back.";
        private static readonly string s_given = " was given by the DHCP server ";
        private static readonly string s_checking = "The link is asked whether somebody else has the address. It takes some seconds.";
        private static readonly string s_taken = "Somebody else has the address. If it stands in Board.cs, choose another one there.";
        private static readonly string s_linkLocal = " is the address, good on this link only: no DHCP server answers. If there is none, put an address into Board.cs.";
        private static readonly string s_static = " is the address, as Board.cs has it.";
        private static readonly string s_leased = " is the address, from the DHCP server ";
        private static readonly string s_time = ", for ";
        private static readonly string s_minutes = " minutes";
        private static readonly string s_nameTaken = " is somebody else's name. Choose another one in Board.cs; until then it is ";
        private static readonly string s_name = "The name is ";
        private static readonly string s_host = Board.HostName;
        private static readonly string s_hyphen = "-";
        private static readonly string s_local = ".local";
        private static readonly string s_page = "The page is at http://";
        private static readonly string s_colon = ":";
        private static readonly string s_slash = "/";
        private static readonly string s_dot = ".";
        private static readonly string[] s_digits = new string[] { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };

        private readonly int _pagePort;
        private NetworkState _told;
        private uint _toldAddress;
        private bool _toldName;
        private int _toldNumber;

        /// <summary>
        /// Initializes a new instance of the <see cref="NetworkLog"/> class.
        /// </summary>
        /// <param name="pagePort">The port of the page whose address is told, or 0 for none.</param>
        public NetworkLog(int pagePort)
        {
            _pagePort = pagePort;
        }

        /// <summary>
        /// Tells what was found at the start. It belongs to the start-up.
        /// </summary>
        /// <param name="ethernet">The driver, which has started the chip.</param>
        public void TellChip(Enc28j60 ethernet)
        {
            Console.Write("ENC28J60 found, silicon revision ");
            Console.Write(NameOf(ethernet.Revision));
            Console.Write(". MAC address ");
            Console.WriteLine(ethernet.MacAddress.ToString());
        }

        /// <summary>
        /// Tells what has changed, if it concerns a person. Why a chip has failed is not among it.
        /// </summary>
        /// <param name="network">The network.</param>
        public void Tell(Network network)
        {
            NetworkState state = network.State;
            uint address = network.Stack.IPv4.Address;
            if (state != _told || address != _toldAddress)
            {
                TellState(network, state, address);
            }

            bool hasName = network.HasName;
            if (hasName && !_toldName)
            {
                TellName(network.Mdns.HostNumber);
            }

            _toldName = hasName;
        }

        private static string NameOf(int revision)
        {
            switch (revision)
            {
                case 2:
                    return "B1";

                case 4:
                    return "B4";

                case 5:
                    return "B5";

                case 6:
                    return "B7";

                default:
                    return "that is not known";
            }
        }

        private void TellState(Network network, NetworkState state, uint address)
        {
            bool isNew = state > NetworkState.NoLink && _told <= NetworkState.NoLink;
            _told = state;
            _toldAddress = address;
            if (isNew)
            {
                Console.WriteLine(s_linkUp);
            }

            switch (state)
            {
                case NetworkState.NoLink:
                    Console.WriteLine(s_noLink);
                    break;

                case NetworkState.NoAddress:
                    Console.WriteLine(network.Dhcp != null && network.Dhcp.State == DhcpState.Stopped ? s_released : s_noAddress);
                    break;

                case NetworkState.Checking:
                    TellChecking(network);
                    break;

                case NetworkState.AddressTaken:
                    Console.WriteLine(s_taken);
                    break;

                case NetworkState.LinkLocal:
                    WriteAddress(address);
                    Console.WriteLine(s_linkLocal);
                    TellPage(address);
                    break;

                case NetworkState.Ready:
                    TellAddress(network, address);
                    TellPage(address);
                    break;
            }
        }

        private static void TellChecking(Network network)
        {
            DhcpLease lease = network.Dhcp == null ? null : network.Dhcp.Lease;
            if (lease != null && lease.Address != IPv4Address.Any)
            {
                WriteAddress(lease.Address);
                Console.Write(s_given);
                WriteAddress(lease.Server);
                Console.WriteLine(s_dot);
            }

            Console.WriteLine(s_checking);
        }

        private static void TellAddress(Network network, uint address)
        {
            WriteAddress(address);
            if (network.Dhcp == null)
            {
                Console.WriteLine(s_static);
                return;
            }

            DhcpLease lease = network.Dhcp.Lease;
            Console.Write(s_leased);
            WriteAddress(lease.Server);
            if (lease.Time != DhcpLease.Infinite)
            {
                Console.Write(s_time);
                WriteNumber(lease.Time / SecondsPerMinute);
                Console.Write(s_minutes);
            }

            Console.WriteLine(s_dot);
        }

        private static void WriteName(int number)
        {
            Console.Write(s_host);
            if (number > 0)
            {
                Console.Write(s_hyphen);
                WriteNumber((uint)number);
            }

            Console.Write(s_local);
        }

        private static void WriteAddress(uint address)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                WriteNumber((address >> shift) & 0xFF);
                if (shift > 0)
                {
                    Console.Write(s_dot);
                }
            }
        }

        private static void WriteNumber(uint value)
        {
            uint unit = 1;
            while (value / unit >= 10)
            {
                unit *= 10;
            }

            while (unit > 0)
            {
                Console.Write(s_digits[value / unit % 10]);
                unit /= 10;
            }
        }

        /// <summary>
        /// The name is ours now; it has a number if somebody else has it without.
        /// </summary>
        private void TellName(int number)
        {
            if (number != _toldNumber)
            {
                _toldNumber = number;
                WriteName(0);
                Console.Write(s_nameTaken);
                WriteName(number);
                Console.WriteLine(s_dot);
            }

            Console.Write(_pagePort == 0 ? s_name : s_page);
            WriteName(number);
            EndPage();
        }

        private void TellPage(uint address)
        {
            if (_pagePort != 0)
            {
                Console.Write(s_page);
                WriteAddress(address);
                EndPage();
            }
        }

        private void EndPage()
        {
            if (_pagePort == 0)
            {
                Console.WriteLine(s_dot);
                return;
            }

            if (_pagePort != 80)
            {
                Console.Write(s_colon);
                WriteNumber((uint)_pagePort);
            }

            Console.WriteLine(s_slash);
        }
    }
}
