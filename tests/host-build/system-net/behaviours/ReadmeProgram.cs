// Licensed under the MIT license. See LICENSE in the repository root.

// What follows the mark is the program of stack/SystemNet/README.md; a test compares them, and runs it.
// [program]
using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Iot.Device.Enc28j60;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Networking;
using TcpIp.Threading;

namespace Hello
{
    public static class Program
    {
        public static void Main()
        {
            // the board: SPI bus and its pins, the pin of CS, and a MAC address that no other station of the LAN has
            Configuration.SetPinFunction(23, DeviceFunction.SPI2_MOSI);
            Configuration.SetPinFunction(19, DeviceFunction.SPI2_MISO);
            Configuration.SetPinFunction(18, DeviceFunction.SPI2_CLOCK);
            EthernetInterface.Use(new Enc28j60Controller(2, 5, new byte[] { 0x06, 0x28, 0x60, 0x00, 0x00, 0x01 }), null);

            // from here on it is a program for any board with a network
            NetworkHelper.SetupAndConnectNetwork();
            Console.WriteLine("http://" + IPAddress.GetDefaultLocalAddress().ToString() + "/");
            byte[] answer = Encoding.UTF8.GetBytes("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello from System.Net.\n");
            byte[] request = new byte[1024];
            Socket listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Any, 80));
            listener.Listen(4);
            while (true)
            {
                using (Socket client = listener.Accept())
                {
                    client.ReceiveTimeout = 2000;
                    client.SendTimeout = 2000;
                    try
                    {
                        client.Receive(request);
                        client.Send(answer);
                    }
                    catch (SocketException exception)
                    {
                        Console.WriteLine(exception.Message);
                    }
                }
            }
        }
    }
}
