// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;

namespace Firmware
{
    /// <summary>
    /// What is wired to what, and who we are on the network, on a Raspberry Pi Pico: the samples' board in place of the ESP32's where
    /// <c>SampleBoard</c> is <c>Pico</c>. It needs nothing of nanoFramework.Hardware.Esp32, so with other constants it is any board whose firmware
    /// has chosen the pins of its SPI buses.
    /// </summary>
    public static class Board
    {
        /// <summary>
        /// SPI bus of the ENC28J60. nanoFramework counts them from one: 1 is SPI0, with SCK at GPIO 18, SI at GPIO 19 and SO at GPIO 16; 2 is SPI1, with
        /// 10, 11 and 12. The firmware has chosen these pins.
        /// </summary>
        public const int SpiBus = 1;

        /// <summary>GPIO wired to CS.</summary>
        public const int ChipSelect = 17;

        /// <summary>GPIO wired to INT, or <see cref="Enc28j60Options.NoPin"/>: without it the chip is asked now and then.</summary>
        public const int InterruptPin = Enc28j60Options.NoPin;

        /// <summary>GPIO wired to RESET, or <see cref="Enc28j60Options.NoPin"/>: without it the chip is reset over SPI.</summary>
        public const int ResetPin = Enc28j60Options.NoPin;

        /// <summary>GPIO that the page switches: the LED of a Pico and a Pico 2. That of a Pico W is at none.</summary>
        public const int OutputPin = 25;

        /// <summary>GPIO that the page shows; it is pulled up.</summary>
        public const int InputPin = 15;

        /// <summary>
        /// SPI clock in Hz. The chip allows 20 MHz, but that is not to be asked for here: the Pico's firmware (July 2026) takes 62.5 MHz divided by a
        /// whole number and rounded down, and of any other number it makes some ten kHz, 61 kHz of 20 MHz. Slower ones for long wires: 12_500_000,
        /// 10_416_666, 8_928_571.
        /// </summary>
        public const int SpiClockFrequency = 15_625_000;

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
        /// Nothing to do: the firmware has chosen the pins. The samples call it for boards where it has not.
        /// </summary>
        public static void ConfigurePins()
        {
        }
    }
}
