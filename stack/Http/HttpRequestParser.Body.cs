// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <content>
    /// The body: counted, or in chunks (RFC 9112 sections 6 and 7). What is between the chunks is taken here; what is in them is left to
    /// whoever reads it.
    /// </content>
    public sealed partial class HttpRequestParser
    {
        private const int LongestSize = 8;
        private const int LongestExtras = 1024;

        // where the reader stands: in data, or in one of the lines around it
        private const int InData = 0;
        private const int InSize = 1;
        private const int InExtension = 2;
        private const int AtSizeEnd = 3;
        private const int BehindData = 4;
        private const int AtDataEnd = 5;
        private const int InTrailer = 6;
        private const int AtTrailerEnd = 7;
        private const int AtEnd = 8;
        private const int InTrailerValue = 9;

        private int _place;
        private int _left;
        private int _digits;
        private int _extras;

        /// <summary>Gets how many bytes of data come next.</summary>
        internal int DataLeft => _place == InData ? _left : 0;

        /// <summary>Gets a value indicating whether all of the body has been taken.</summary>
        internal bool IsBodyOver => _place == AtEnd;

        /// <summary>
        /// Takes what stands between chunks, up to the next data or the end of the body.
        /// </summary>
        /// <param name="view">What has arrived.</param>
        /// <returns>How many bytes were taken. A body that is no good is refused: <see cref="State"/> says so.</returns>
        internal int TakeFraming(ReceivedView view)
        {
            int taken = 0;
            int length = view.Length;
            while (taken < length && _place != InData && _place != AtEnd && _state != HttpRequestState.Refused)
            {
                TakeFraming(view.GetByte(taken));
                taken++;
            }

            return taken;
        }

        /// <summary>
        /// Data has been taken.
        /// </summary>
        /// <param name="count">Bytes, no more than <see cref="DataLeft"/>.</param>
        internal void TakeData(int count)
        {
            _left -= count;
            if (_left == 0)
            {
                _place = _chunked ? BehindData : AtEnd;
            }
        }

        /// <summary>
        /// No more of the body will come: it is no good.
        /// </summary>
        internal void BreakOff() => Refuse(400);

        private void ResetBody()
        {
            _place = AtEnd;
            _left = 0;
            _digits = 0;
            _extras = 0;
        }

        private void BeginBody()
        {
            _place = _chunked ? InSize : _bodyLength > 0 ? InData : AtEnd;
            _left = _chunked ? 0 : _bodyLength;
        }

        private void TakeFraming(int value)
        {
            int next = -1;
            switch (_place)
            {
                case InSize:
                    next = TakeSize(value);
                    break;
                case InExtension:
                    next = value == HttpCharacters.CarriageReturn ? AtSizeEnd : IsText(value) && ++_extras < LongestExtras ? InExtension : -1;
                    break;
                case AtSizeEnd:
                    _digits = 0;
                    next = value != HttpCharacters.LineFeed ? -1 : _left > 0 ? InData : InTrailer;
                    break;
                case BehindData:
                    next = value == HttpCharacters.CarriageReturn ? AtDataEnd : -1;
                    break;
                case AtDataEnd:
                    next = value == HttpCharacters.LineFeed ? InSize : -1;
                    break;
                case InTrailer:
                    // trailers are fields that nobody asks for, but fields: a name, and a colon behind it. The empty line is the end
                    next = TakeTrailerName(value);
                    break;
                case InTrailerValue:
                    next = value == HttpCharacters.CarriageReturn ? AtTrailerEnd : IsText(value) && ++_extras < LongestExtras ? InTrailerValue : -1;
                    break;
                case AtTrailerEnd:
                    next = value != HttpCharacters.LineFeed ? -1 : _digits == 0 ? AtEnd : InTrailer;
                    _digits = 0;
                    break;
            }

            if (next < 0)
            {
                Refuse(400);
                return;
            }

            _place = next;
        }

        private int TakeTrailerName(int value)
        {
            if (value == HttpCharacters.CarriageReturn)
            {
                return _digits == 0 ? AtTrailerEnd : -1;
            }

            if (value == ':')
            {
                return _digits > 0 ? InTrailerValue : -1;
            }

            _digits++;
            return HttpCharacters.Tokens[value] != 0 && ++_extras < LongestExtras ? InTrailer : -1;
        }

        private int TakeSize(int value)
        {
            int digit = HttpCharacters.HexOf(value);
            if (digit >= 0)
            {
                _digits++;
                if (_digits > LongestSize || _left > int.MaxValue >> 4)
                {
                    return -1;
                }

                _left = (_left << 4) | digit;
                return InSize;
            }

            return _digits == 0 ? -1 : value == HttpCharacters.CarriageReturn ? AtSizeEnd : value == ';' ? InExtension : -1;
        }

        private static bool IsText(int value)
        {
            return value == HttpCharacters.Tab || (value >= HttpCharacters.Space && value != HttpCharacters.Delete);
        }
    }
}
