// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// A page that an <see cref="HttpServer"/> serves. The whole answer, status line to last byte, is laid out at start-up;
    /// when it is asked for, only what has changed is written over.
    /// </summary>
    public abstract class HttpPage
    {
        /// <summary>Clients that the answer is being sent to: until it has left it must not change.</summary>
        internal int Readers;

        private readonly string _path;
        private int _headerLength;
        private int _connectionAt;
        private bool _closes;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpPage"/> class.
        /// </summary>
        /// <param name="path">Such as "/", percent-encoded where it must be.</param>
        protected HttpPage(string path)
        {
            _path = path;
        }

        /// <summary>Gets the path.</summary>
        public string Path => _path;

        /// <summary>Gets the answer to a GET. Its header is one that <see cref="HttpResponse"/> has made.</summary>
        public abstract WordBuffer Response { get; }

        /// <summary>Gets the tag by which a client knows the content again, quotes included; null if it changes.</summary>
        internal virtual byte[] Tag => null;

        /// <summary>Gets the bytes of the header.</summary>
        internal int HeaderLength => _headerLength;

        /// <summary>
        /// Brings the answer up to date. It must not allocate, and the length must stay the same. It is not called while the
        /// answer is being sent to another client, who would get the beginning of the old page and the end of the new one.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        public abstract void Update(int now);

        /// <summary>
        /// Looks for what the server has to know of the header, at start-up.
        /// </summary>
        internal void Measure()
        {
            WordBuffer response = Response;
            int lineFeeds = 0;
            int i = 0;
            while (i < response.Length && lineFeeds < 2)
            {
                int c = response.GetByte(i++);
                lineFeeds = c == HttpCharacters.LineFeed ? lineFeeds + 1 : c == HttpCharacters.CarriageReturn ? lineFeeds : 0;
            }

            _headerLength = i;
            _connectionAt = i - HttpResponse.FromConnectionToEnd;
        }

        /// <summary>
        /// Says in the header whether the connection ends with the answer.
        /// </summary>
        /// <param name="closes">Whether it does.</param>
        internal void SayConnection(bool closes)
        {
            if (closes != _closes)
            {
                _closes = closes;
                byte[] text = closes ? HttpResponse.Close : HttpResponse.Stays;
                for (int i = 0; i < text.Length; i++)
                {
                    Response.SetByte(_connectionAt + i, text[i]);
                }
            }
        }
    }
}
