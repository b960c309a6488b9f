// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Text;
using System.Threading;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;
using nanoFramework.Networking;
using Samples;

namespace M2MqttSample
{
    /// <summary>
    /// nanoFramework's M2Mqtt over the ENC28J60, as it is: publishes a reading every few seconds, is told how many by a topic, and connects again when
    /// the broker has gone away, after a pause that doubles.
    /// </summary>
    public static class Program
    {
        /// <summary>The broker, by name or address.</summary>
        public const string Broker = "192.168.1.10";

        /// <summary>Where readings go.</summary>
        public const string ReadingTopic = "board/reading";

        /// <summary>Says how many seconds there are between two readings.</summary>
        public const string IntervalTopic = "board/interval";

        // no two clients of a broker may have the same
        private const string ClientId = "board";

        // seconds after which a broker is taken for gone that is silent
        private const ushort KeepAlive = 30;

        private const int ShortestPause = 1000;
        private const int LongestPause = 64000;
        private const int LongestInterval = 3600;

        private static readonly AutoResetEvent s_somethingNew = new AutoResetEvent(false);
        private static int s_interval = 5;
        private static int s_number;

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

            int pause = ShortestPause;
            while (true)
            {
                if (Talk())
                {
                    pause = ShortestPause;
                }

                Console.WriteLine("The next try is in " + (pause / 1000).ToString() + " s.");
                Thread.Sleep(pause);
                pause = pause < LongestPause ? pause * 2 : pause;
            }
        }

        /// <summary>
        /// Connects, and publishes until the broker has gone away. A client of its own each time: its name may have another address by now.
        /// </summary>
        /// <returns>Whether the broker has taken the connection.</returns>
        private static bool Talk()
        {
            MqttClient client = null;
            bool isTaken = false;
            try
            {
                // this asks for the broker's address
                client = new MqttClient(Broker);
                client.MqttMsgPublishReceived += OnMessage;
                client.ConnectionClosed += OnClosed;
                MqttReasonCode answer = client.Connect(ClientId, null, null, true, KeepAlive);
                isTaken = answer == MqttReasonCode.Success;
                Console.WriteLine(isTaken ? "Connected to " + Broker + "." : "The broker says no: " + ((int)answer).ToString() + ".");
                if (isTaken)
                {
                    client.Subscribe(new string[] { IntervalTopic }, new MqttQoSLevel[] { MqttQoSLevel.AtLeastOnce });
                }

                while (client.IsConnected)
                {
                    s_number++;
                    client.Publish(ReadingTopic, Encoding.UTF8.GetBytes(s_number.ToString()), null, null, MqttQoSLevel.AtLeastOnce, false);
                    Console.WriteLine("Reading " + s_number.ToString() + " was published.");
                    s_somethingNew.WaitOne(s_interval * 1000, false);
                }

                Console.WriteLine(isTaken ? "The broker is gone." : "There is no connection.");
            }
            catch (Exception exception)
            {
                // the library has a type for each: no such name, nobody listens, no answer in time, too much that was not acknowledged
                Console.WriteLine(exception.Message);
            }

            if (client != null)
            {
                client.Dispose();
            }

            return isTaken;
        }

        private static void OnMessage(object sender, MqttMsgPublishEventArgs e)
        {
            string text = Encoding.UTF8.GetString(e.Message, 0, e.Message.Length);
            int seconds;
            if (e.Topic == IntervalTopic && int.TryParse(text, out seconds) && seconds > 0 && seconds <= LongestInterval)
            {
                Console.WriteLine("A reading every " + text + " s from now on.");
                s_interval = seconds;
                s_somethingNew.Set();
            }
        }

        private static void OnClosed(object sender, EventArgs e) => s_somethingNew.Set();
    }
}
