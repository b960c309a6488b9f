// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using nanoFramework.Hardware.Esp32;

namespace Firmware
{
    /// <summary>
    /// What is wired to what, and who we are on the network: the one place where a board is described. Change it to fit yours.
    /// </summary>
    public static class Board
    {
        /// <summary>SPI bus of the ENC28J60: 2 is VSPI.</summary>
        public const int SpiBus = 2;

        /// <summary>GPIO wired to SI.</summary>
        public const int Mosi = 23;

        /// <summary>GPIO wired to SO.</summary>
        public const int Miso = 19;

        /// <summary>GPIO wired to SCK.</summary>
        public const int Clock = 18;

        /// <summary>GPIO wired to CS.</summary>
        public const int ChipSelect = 5;

        /// <summary>GPIO wired to INT, or <see cref="Enc28j60Options.NoPin"/>: without it the chip is asked now and then.</summary>
        public const int InterruptPin = Enc28j60Options.NoPin;

        /// <summary>GPIO wired to RESET, or <see cref="Enc28j60Options.NoPin"/>: without it the chip is reset over SPI.</summary>
        public const int ResetPin = Enc28j60Options.NoPin;

        /// <summary>GPIO that the page switches: on many boards an LED is at it.</summary>
        public const int OutputPin = 2;

        /// <summary>GPIO that the page shows; it is pulled up. On many boards a button is at it that pulls it low.</summary>
        public const int InputPin = 0;

        /// <summary>SPI clock in Hz. The chip allows 20 MHz; long jumper wires may not.</summary>
        public const int SpiClockFrequency = 20_000_000;

        /// <summary>
        /// What the board is called: letters, digits and hyphens, 57 at most. It is found as "board.local"; DHCP servers are told, and many
        /// routers show it. If two on one link have the same name, one of them becomes "board-2".
        /// </summary>
        public const string HostName = "board";

        /// <summary>
        /// Other names under which the page may be asked for, with spaces between them. Beside them it answers to addresses, to HostName alone or
        /// in the network's domain, and to names that end in ".local". Under any other it answers 421: a page of somebody else whose name was
        /// made to lead here cannot switch anything. "localhost" is for the virtual board.
        /// </summary>
        public const string OtherNames = "localhost";

        /// <summary>The title of the page, and its name in lists of what there is on the link: up to 63 bytes in UTF-8.</summary>
        public const string PageTitle = "ENC28J60 on nanoFramework";

        /// <summary>Our address, if it is to be fixed: <see cref="AddressMode.Static"/>.</summary>
        public const string Address = "192.168.1.50";

        /// <summary>The netmask that goes with it.</summary>
        public const string Netmask = "255.255.255.0";

        /// <summary>The router's address, likewise.</summary>
        public const string Gateway = "192.168.1.1";

        /// <summary>The address of the server that is asked for names, likewise.</summary>
        public const string DnsServer = "192.168.1.1";

        /// <summary>The server that is asked for the time of day where a DHCP server names none.</summary>
        public const string TimeServer = "pool.ntp.org";

        /// <summary>The port of the page.</summary>
        public const int HttpPort = 80;

        /// <summary>Gets or sets how the board comes by its address; a program may set it before it makes a <see cref="Network"/>.</summary>
        public static AddressMode AddressMode { get; set; } = AddressMode.Dhcp;

        /// <summary>
        /// Our MAC address. The second lowest bit of the first byte marks it as locally administered, that is, as made up (06, not 02,
        /// which Wireshark takes for a Microsoft cluster). It must differ from that of any other station on the LAN.
        /// </summary>
        /// <returns>Six bytes in the order in which they go over the wire.</returns>
        public static byte[] CreateMacAddress() => new byte[] { 0x06, 0x28, 0x60, 0x00, 0x00, 0x01 };

        /// <summary>
        /// Tells the ESP32 which pins the SPI bus uses. It must come before the bus is opened.
        /// </summary>
        public static void ConfigurePins()
        {
            Configuration.SetPinFunction(Mosi, DeviceFunction.SPI2_MOSI);
            Configuration.SetPinFunction(Miso, DeviceFunction.SPI2_MISO);
            Configuration.SetPinFunction(Clock, DeviceFunction.SPI2_CLOCK);
        }
    }
}
