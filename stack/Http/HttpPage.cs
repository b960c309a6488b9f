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

        private readonly byte[] _path;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpPage"/> class.
        /// </summary>
        /// <param name="path">Such as "/".</param>
        protected HttpPage(string path)
        {
            char[] characters = path.ToCharArray();
            _path = new byte[characters.Length];
            for (int i = 0; i < characters.Length; i++)
            {
                _path[i] = (byte)characters[i];
            }
        }

        /// <summary>Gets the path's bytes.</summary>
        public byte[] Path => _path;

        /// <summary>Gets the answer to a GET.</summary>
        public abstract WordBuffer Response { get; }

        /// <summary>Gets the answer to a HEAD: the same header, and nothing behind it.</summary>
        public abstract WordBuffer HeadResponse { get; }

        /// <summary>
        /// Brings the answer up to date. It must not allocate, and the length must stay the same. It is not called while the
        /// answer is being sent to another client, who would get the beginning of the old page and the end of the new one.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        public abstract void Update(int now);
    }
}
